//go:build !amd64 || noasm

package second

var byteLoops, wordLoops *machine

var agreeSigned, agreeUnsigned, narrowSigned, narrowUnsigned agreeLoop

var withinSigned, withinUnsigned withinLoops

var byChannel, narrowByChannel channelLoops

var floatLoops, narrowFloats []floatWidth
