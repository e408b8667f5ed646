// Package metric has the results of a design point: what they are called, in which unit, and what is known of
// each before anything is simulated. Their order is that of every table.
package metric
