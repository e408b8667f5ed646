// Package madeup makes up many integers at once: those that math/rand/v2 draws one by one from
// a generator PCG, several times as quick, and on all processors.
package madeup
