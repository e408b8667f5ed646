package wave

import (
	"bufio"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// Perfetto writes Perfetto's own format: packets of protocol buffers, as in
// perfetto/trace/trace_packet.proto.
type Perfetto struct {
	w      *bufio.Writer
	tracks []Track
	group  uint64 // the track of the newest group
}

// The fields of messages that are written.
const (
	tracePacket = 1

	packetTime       = 8
	packetSequence   = 10
	packetEvent      = 11
	packetFlags      = 13
	packetDescriptor = 60

	trackUUID    = 1
	trackName    = 2
	trackParent  = 5
	trackCounter = 8

	counterUnit = 6

	eventNote    = 4
	eventType    = 9
	eventTrack   = 11
	eventName    = 23
	eventCounter = 30
	eventFlows   = 47
	eventFlowEnd = 48

	noteInt  = 4
	noteName = 10

	sliceBegin   = 1
	sliceEnd     = 2
	counterEvent = 4

	oneSequence    = 1
	sequenceStarts = 1 // nothing from before is known
)

// NewPerfetto begins a trace.
func NewPerfetto(w io.Writer) *Perfetto { return &Perfetto{w: bufio.NewWriter(w)} }

// message is a protocol buffer on its way.
type message []byte

func (m message) number(field protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), v)
}

func (m message) fixed(field protowire.Number, v uint64) message {
	return protowire.AppendFixed64(protowire.AppendTag(m, field, protowire.Fixed64Type), v)
}

func (m message) text(field protowire.Number, s string) message {
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), s)
}

func (m message) within(field protowire.Number, inner message) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), inner)
}

// packet writes a packet.
func (p *Perfetto) packet(m message) {
	m = m.number(packetSequence, oneSequence)
	p.w.Write(message(nil).within(tracePacket, m))
}

// uuid is the identity of a track; groups have those above.
func uuid(track int) uint64 { return uint64(track) + 1 }

// groups are the identities from which on tracks of groups are.
const groups = 1 << 32

// Track describes a track, and its group before the first of it.
func (p *Perfetto) Track(t Track) {
	n := len(p.tracks)
	if n == 0 || p.tracks[n-1].Group != t.Group {
		p.group = groups + uint64(n)
		m := message(nil)
		if n == 0 {
			m = m.number(packetFlags, sequenceStarts)
		}
		p.packet(m.within(packetDescriptor, message(nil).number(trackUUID, p.group).text(trackName, t.Group)))
	}
	p.tracks = append(p.tracks, t)
	d := message(nil).number(trackUUID, uuid(n)).text(trackName, t.Name).number(trackParent, p.group)
	if t.Counter {
		d = d.within(trackCounter, message(nil).text(counterUnit, "beats"))
	}
	p.packet(message(nil).within(packetDescriptor, d))
}

// event writes an event of a track.
func (p *Perfetto) event(at int64, kind uint64, track int, e message) {
	e = append(message(nil).number(eventType, kind).number(eventTrack, uuid(track)), e...)
	p.packet(message(nil).number(packetTime, uint64(at)).within(packetEvent, e))
}

// Slice writes where a slice begins and where it ends.
func (p *Perfetto) Slice(s Slice) {
	e := message(nil).text(eventName, s.Name)
	for _, n := range s.Notes {
		e = e.within(eventNote, message(nil).number(noteInt, uint64(n.Value)).text(noteName, n.Name))
	}
	for _, id := range s.Begins {
		e = e.fixed(eventFlows, id)
	}
	for _, id := range s.Ends {
		e = e.fixed(eventFlowEnd, id)
	}
	p.event(s.From, sliceBegin, s.Track, e)
	p.event(s.Until, sliceEnd, s.Track, nil)
}

// Count writes a counter's value.
func (p *Perfetto) Count(track int, at, value int64) {
	p.event(at, counterEvent, track, message(nil).number(eventCounter, uint64(value)))
}

// Close writes what is left.
func (p *Perfetto) Close() error { return p.w.Flush() }
