package wave

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
)

// block is a stretch of time of an FST: the values at its beginning, when anything
// changes in it, and of every signal what it becomes and when.
type block struct {
	from    int64
	values  [][]byte // of every signal, now
	initial []byte   // of all signals, when the block began
	times   []byte   // each as how much later than the one before it
	count   uint64   // of times
	newest  int64
	chains  []chain
	held    int // bytes
	packer  packer
}

// chain is the changes of one signal.
type chain struct {
	changes []byte
	time    uint64 // number of the newest one's time
}

func newBlock(signals []Signal, first int64) block {
	b := block{values: make([][]byte, len(signals)), chains: make([]chain, len(signals))}
	for i, s := range signals {
		b.values[i] = bytes.Repeat([]byte{'x'}, s.bits())
	}
	b.begin(first)
	return b
}

// begin begins a block at a cycle.
func (b *block) begin(at int64) {
	b.from, b.newest, b.held = at, at, 0
	b.times, b.count = binary.AppendUvarint(b.times[:0], uint64(at)), 1
	b.initial = b.initial[:0]
	for i, v := range b.values {
		b.initial = append(b.initial, v...)
		b.chains[i] = chain{changes: b.chains[i].changes[:0]}
	}
}

// at is the newest cycle.
func (b *block) at() int64 { return b.newest }

// time makes a cycle the newest one.
func (b *block) time(at int64) {
	if at > b.newest {
		b.times = binary.AppendUvarint(b.times, uint64(at-b.newest))
		b.count++
		b.newest = at
	}
}

// set notes a change.
func (b *block) set(at int64, signal int, value []byte) {
	b.time(at)
	now := b.values[signal]
	pad := len(now) - len(value) // leading zeros may be left out
	for i := range now {
		now[i] = '0'
		if i >= pad {
			now[i] = value[i-pad]
		}
	}
	c := &b.chains[signal]
	before := len(c.changes)
	later := b.count - 1 - c.time
	c.time = b.count - 1
	c.changes = appendChange(c.changes, later, now)
	b.held += len(c.changes) - before
}

// appendChange appends a value, and how many times later than the one before it comes.
func appendChange(dst []byte, later uint64, value []byte) []byte {
	known := bytes.IndexByte(value, 'x') < 0
	switch {
	case len(value) == 1 && known:
		return binary.AppendUvarint(dst, later<<2|uint64(value[0]-'0')<<1)
	case len(value) == 1:
		return binary.AppendUvarint(dst, later<<4|1)
	case !known:
		return append(binary.AppendUvarint(dst, later<<1|1), value...)
	}
	dst = binary.AppendUvarint(dst, later<<1)
	for i := 0; i < len(value); i += 8 {
		octet := byte(0)
		for n, bit := range value[i:min(i+8, len(value))] {
			octet |= (bit - '0') << (7 - n)
		}
		dst = append(dst, octet)
	}
	return dst
}

// encode is the block up to a cycle, as its section holds it.
//
// GTKWave's reader mixes up some of the places of a block with those of the one before
// unless the first signal changes, so that it always does, if only to what it was; and
// signals that change alike do not share a chain, which it would go on to read for them.
func (b *block) encode(until int64) [][]byte {
	if c := &b.chains[0]; len(c.changes) == 0 {
		c.changes = appendChange(c.changes, 0, b.values[0])
	}
	waves := []byte{'Z'} // packed by zlib; places count from here
	var places []byte
	var unpacked, none uint64
	last := 0
	for _, c := range b.chains {
		if len(c.changes) == 0 {
			none++
			continue
		}
		if none > 0 {
			places = binary.AppendUvarint(places, none<<1)
			none = 0
		}
		unpacked += uint64(len(c.changes))
		places = appendSigned(places, int64(len(waves)-last)<<1|1)
		last = len(waves)
		waves = append(waves, b.packer.packedChain(c.changes)...)
	}
	if none > 0 {
		places = binary.AppendUvarint(places, none<<1)
	}
	initial, times := b.packer.deflated(b.initial), b.packer.deflated(b.times)
	signals := uint64(len(b.chains))
	head := be(nil, uint64(b.from), uint64(until), unpacked)
	for _, n := range []uint64{uint64(len(b.initial)), uint64(len(initial)), signals} {
		head = binary.AppendUvarint(head, n)
	}
	return [][]byte{head, initial, binary.AppendUvarint(nil, signals), waves, places, be(nil, uint64(len(places))),
		times, be(nil, uint64(len(b.times)), uint64(len(times)), b.count)}
}

// appendSigned appends a number in groups of 7 bits of its two's complement, the low ones
// first, until the rest is its sign.
func appendSigned(dst []byte, v int64) []byte {
	for {
		low := byte(v & 0x7f)
		v >>= 7
		if v == 0 && low&0x40 == 0 || v == -1 && low&0x40 != 0 {
			return append(dst, low)
		}
		dst = append(dst, low|0x80)
	}
}

// packedChain is a chain as it lies in a block: how long it was, 0 if it is not packed,
// and then its bytes.
func (p *packer) packedChain(changes []byte) []byte {
	if small := p.deflated(changes); len(small) < len(changes) {
		return append(binary.AppendUvarint(nil, uint64(len(changes))), small...)
	}
	return append([]byte{0}, changes...)
}

// packer packs by zlib.
type packer struct {
	out bytes.Buffer
	z   *zlib.Writer
}

// leastPacked is how long data must be for packing to be worth it.
const leastPacked = 32

// deflated is data packed, or as it is where that would not make it smaller.
func (p *packer) deflated(data []byte) []byte {
	if len(data) < leastPacked {
		return data
	}
	p.out.Reset()
	if p.z == nil {
		p.z = zlib.NewWriter(&p.out)
	} else {
		p.z.Reset(&p.out)
	}
	_, err := p.z.Write(data)
	if err == nil {
		err = p.z.Close()
	}
	if err != nil {
		panic("wave: a buffer does not take what is written: " + err.Error())
	}
	if p.out.Len() < len(data) {
		return bytes.Clone(p.out.Bytes())
	}
	return data
}
