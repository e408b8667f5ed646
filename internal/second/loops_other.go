//go:build !amd64 || noasm

package second

var byteLoops, wordLoops *machine

var agreeSigned, agreeUnsigned agreeFunc

var withinSigned, withinUnsigned withinLoops

var byChannel channelLoops

var floatLoops, narrowFloats []floatWidth
