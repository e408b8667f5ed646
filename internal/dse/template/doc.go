// Package template makes the hardware of every point of a space from one base: the text of the base with gaps for the
// parameters, and, a hundred times faster, hardware put together from parts that were read once.
package template
