// Package expr is a small expression language for constraints, objectives and derived values.
//
// An expression has numbers (float64), strings in single or double quotes (no escapes), true and false, and
// names with dots such as array.pe. From loosest to tightest:
//
//	c ? a : b
//	||
//	&&
//	== != < <= > >=        (do not chain)
//	+ -
//	* / // %               (// is the floor of the quotient, % has the sign of the divisor)
//	- !                    (before an operand)
//	**                     (power; to the right first, and before a minus: -2 ** 2 is -4)
//
// and min, max, abs, ceil, floor, sqrt, log2, pow. &&, || and ?: evaluate no more than they need.
//
// Compile checks every name and type against the known Names and reports all mistakes with their columns
// (counted in characters from 1). Eval does not allocate and never yields NaN or an infinity: what would is
// an error with its column.
package expr
