// Package tool runs programs of others: simulators, synthesis.
package tool
