// Package reuse hands memory that nobody needs any more to who needs as much: memory that is
// new costs several times what most of its uses do, most of all where two processors want
// some at once.
package reuse
