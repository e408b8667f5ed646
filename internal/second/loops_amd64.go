//go:build !noasm

package second

import "golang.org/x/sys/cpu"

// wide is whether vectors have 16 lanes.
var wide = cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL

// byteLoops are those of four bytes a cell, wordLoops of two int16; nil without.
var byteLoops, wordLoops = loops()

func loops() (bytes, words *machine) {
	if !cpu.X86.HasAVX2 {
		return nil, nil
	}
	words = newMachine(8, 2, []int{4, 2, 1}, map[shape]loop{{2, 4}: words2x4, {2, 2}: words2x2, {2, 1}: words2x1,
		{1, 4}: words1x4, {1, 2}: words1x2, {1, 1}: words1x1})
	if wide && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VNNI {
		bytes = newMachine(16, 4, []int{6, 4, 2, 1}, map[shape]loop{
			{4, 6}: bytes4x6, {4, 4}: bytes4x4, {4, 2}: bytes4x2, {4, 1}: bytes4x1,
			{2, 6}: bytes2x6, {2, 4}: bytes2x4, {2, 2}: bytes2x2, {2, 1}: bytes2x1,
			{1, 6}: bytes1x6, {1, 4}: bytes1x4, {1, 2}: bytes1x2, {1, 1}: bytes1x1})
		bytes.cells, bytes.byteSum = cells, byteSum
	}
	return bytes, words
}

// agreeSigned and agreeUnsigned look at int8 and uint8; nil without.
var agreeSigned, agreeUnsigned = agreeLoops(wide && cpu.X86.HasAVX512BW)

// narrowSigned and narrowUnsigned are those of AVX2.
var narrowSigned, narrowUnsigned = agreeLoops(false)

func agreeLoops(wide bool) (signed, unsigned agreeLoop) {
	switch {
	case wide:
		return agreeLoop{agreeWideS, 1}, agreeLoop{agreeWideU, 1}
	case cpu.X86.HasAVX2:
		return agreeLoop{agreeS, 8}, agreeLoop{agreeU, 8}
	}
	return agreeLoop{}, agreeLoop{}
}

// withinSigned and withinUnsigned look at int8 and uint8; nil without.
var withinSigned, withinUnsigned = newWithinLoops()

func newWithinLoops() (signed, unsigned withinLoops) {
	if !cpu.X86.HasAVX2 {
		return withinLoops{}, withinLoops{}
	}
	return withinLoops{withinFixedS, withinShiftS}, withinLoops{withinFixedU, withinShiftU}
}

// byChannel are the loops of one channel, none without AVX2.
var byChannel = newChannelLoops(wide && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VNNI)

// narrowByChannel are those of AVX2.
var narrowByChannel = newChannelLoops(false)

func newChannelLoops(wide bool) channelLoops {
	switch {
	case wide:
		return channelLoops{[3]channelLoop{1: {rows: channelRowsS1}, 2: {rows: channelRowsS2}},
			[3]channelLoop{1: {rows: channelRowsU1}, 2: {rows: channelRowsU2}}, layRows}
	case cpu.X86.HasAVX2:
		return channelLoops{[3]channelLoop{1: {row: channelS1}, 2: {row: channelS2}}, [3]channelLoop{1: {row: channelU1}, 2: {row: channelU2}}, nil}
	}
	return channelLoops{}
}

// floatLoops are those of floats, most outputs first; none without AVX2.
var floatLoops = newFloatLoops()

func newFloatLoops() []floatWidth {
	switch {
	case wide:
		return []floatWidth{
			{6, []floatPositions{{32, floatsWide2x6}, {16, floatsWide1x6}}},
			{4, []floatPositions{{32, floatsWide2x4}, {16, floatsWide1x4}}},
			{2, []floatPositions{{64, floatsWide4x2}, {16, floatsWide1x2}}},
			{1, []floatPositions{{64, floatsWide4x1}, {16, floatsWide1x1}}},
		}
	case cpu.X86.HasAVX2:
		return narrowFloats
	}
	return nil
}

// narrowFloats are the loops of AVX2.
var narrowFloats = []floatWidth{
	{2, []floatPositions{{16, floats2x2}, {8, floats1x2}}},
	{1, []floatPositions{{32, floats4x1}, {8, floats1x1}}},
}
