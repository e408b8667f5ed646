// Package mapping turns a layer and a hardware into a plan.
//
// The way there is a visible list of passes, Streaming: each looks at the draft
// and adds to it. What a pass refuses is an error at its place in the layer's or
// the hardware's file. Passes decide; blocks know their own facts.
package mapping
