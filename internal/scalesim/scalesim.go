// Package scalesim reads the topologies of SCALE-Sim, a CSV file with a layer a
// line, and writes them as workload files.
//
// The first line names the columns: of convolutions layer name, IFMAP height and
// width, filter height and width, channels, number of filters, strides; of matrix
// products layer, M, N, K, which become convolutions of kernel size 1 with M pixels,
// N filters and K channels. Columns that SCALE-Sim does not have may follow: stride
// width, padding, padding height and width, dilation, groups. Sizes of images are
// taken as they are: SCALE-Sim's own networks count padding as a part of the image.
//
// SCALE-Sim itself goes by places, not titles. So a title that is unknown or comes twice
// is the one that is missing there, if it is the only one of the first ones; an entry
// behind the last column is the stride of columns; a text after # says nothing. A line
// with nothing but a name is a heading, and a name that is taken gets a number.
//
// As SCALE-Sim has it, a layer with DP in its name and no column of groups applies
// its filters to each channel by itself.
package scalesim

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/conv"
)

// Topology is a list of layers.
type Topology struct{ Layers []Layer }

// Layer is a convolution of an image.
type Layer struct {
	Name          string
	Conv          conv.Conv2d
	Height, Width int // of the image
}

// columns are what a column may be called, without blanks, marks and case.
var columns = map[string]string{
	"layer": "name", "layername": "name", "ifmapheight": "height", "ifmapwidth": "width",
	"filterheight": "kernel height", "filterwidth": "kernel width", "channels": "channels",
	"numfilter": "filters", "numfilters": "filters", "strides": "stride", "stride": "stride", "strideheight": "stride",
	"strideh": "stride", "stridewidth": "stride width", "stridew": "stride width",
	"padding": "padding", "pad": "padding", "paddingheight": "padding", "padh": "padding", "paddingwidth": "padding width",
	"padw": "padding width", "dilation": "dilation", "groups": "groups", "group": "groups", "sparsity": "sparsity",
	"m": "M", "n": "N", "k": "K",
}

// The columns of the two kinds of topologies.
var (
	convolution = []string{"name", "height", "width", "kernel height", "kernel width", "channels", "filters", "stride"}
	product     = []string{"name", "M", "N", "K"}
)

// reader reads one file.
type reader struct {
	file    string
	csv     *csv.Reader
	columns []string
	errs    []error
}

// Read reads a topology. file names it in mistakes, of which all are told.
func Read(file string, in io.Reader) (*Topology, error) {
	r := reader{file: file, csv: csv.NewReader(in)}
	r.csv.FieldsPerRecord, r.csv.TrimLeadingSpace = -1, true
	if err := r.header(); err != nil {
		return nil, err
	}
	out, names := &Topology{}, map[string]bool{}
	for {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if record = r.withoutRemark(record); heading(record) {
			continue
		}
		l := r.layer(record)
		for base, n := l.Name, 2; names[l.Name]; n++ {
			l.Name = fmt.Sprintf("%s_%d", base, n)
		}
		names[l.Name] = true
		out.Layers = append(out.Layers, l)
	}
	if len(out.Layers) == 0 && len(r.errs) == 0 {
		r.errs = append(r.errs, fmt.Errorf("%s: no layers", file))
	}
	return out, errors.Join(r.errs...)
}

// withoutRemark is a line without what stands behind its columns after a #.
func (r *reader) withoutRemark(record []string) []string {
	for i := len(r.columns); i < len(record); i++ {
		if strings.HasPrefix(strings.TrimSpace(record[i]), "#") {
			return record[:i]
		}
	}
	return record
}

// heading reports whether a line has nothing but a name, or nothing.
func heading(record []string) bool {
	return len(record) == 0 || strings.TrimSpace(strings.Join(record[1:], "")) == ""
}

// mistake notes what is wrong with a column of the line read last.
func (r *reader) mistake(column int, format string, args ...any) {
	line, at := r.csv.FieldPos(column)
	r.errs = append(r.errs, fmt.Errorf("%s:%d:%d: %s", r.file, line, at, fmt.Sprintf(format, args...)))
}

// header reads the names of the columns.
func (r *reader) header() error {
	record, err := r.csv.Read()
	if err != nil {
		return fmt.Errorf("%s: no line with the names of columns: %w", r.file, err)
	}
	titles := make([]string, len(record))
	for i, title := range record {
		titles[i] = strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(title))
	}
	place, meant := misnamed(titles)
	for i, title := range record {
		plain := titles[i]
		name := columns[plain]
		if i == place {
			name = meant
		}
		switch {
		case plain == "" && i == len(record)-1: // the comma at the end
			continue
		case name == "":
			r.mistake(i, "column %q; allowed: %s, or %s, and stride width, padding, padding width, dilation, groups", title,
				strings.Join(convolution, ", "), strings.Join(product, ", "))
		case slices.Contains(r.columns, name):
			r.mistake(i, "column %q is there already", title)
		}
		r.columns = append(r.columns, name)
	}
	kind := convolution
	if slices.Contains(r.columns, "M") {
		kind = product
	}
	for _, name := range kind {
		if !slices.Contains(r.columns, name) && len(r.errs) == 0 {
			r.mistake(0, "there is no column of %s; expected: %s", name, strings.Join(kind, ", "))
		}
	}
	return errors.Join(r.errs...)
}

// misnamed is the place of the one title of a convolution that is unknown or comes twice,
// and the column that it is meant to be; -1 where there is none, or more than one.
func misnamed(titles []string) (place int, meant string) {
	place = -1
	for i, column := range convolution {
		switch {
		case i >= len(titles):
			return -1, ""
		case columns[titles[i]] == column:
		case place >= 0:
			return -1, ""
		default:
			place, meant = i, column
		}
	}
	if place < 0 {
		return -1, ""
	}
	own := columns[titles[place]]
	for i, title := range titles {
		if columns[title] == meant {
			return -1, "" // it is elsewhere
		}
		if i != place && own != "" && columns[title] == own {
			own = ""
		}
	}
	if own != "" {
		return -1, "" // a column of its own
	}
	return place, meant
}

// layer reads a line.
func (r *reader) layer(record []string) Layer {
	behind := ""
	for i := len(r.columns); i < len(record); i++ {
		if record[i] == "" {
			continue
		}
		if i > len(r.columns) || slices.Contains(r.columns, "M") || slices.Contains(r.columns, "stride width") {
			r.mistake(i, "%q is in no column", record[i])
			continue
		}
		behind = record[i]
	}
	l := Layer{Name: r.text(record, "name")}
	if l.Name == "" {
		r.mistake(0, "the layer has no name")
	}
	if s := r.text(record, "sparsity"); s != "" && s != "1:1" {
		r.mistake(slices.Index(r.columns, "sparsity"), "sparsity %q; supported: 1:1, dense", s)
	}
	number := func(column string, otherwise, least int) int { return r.number(record, column, otherwise, least) }
	if slices.Contains(r.columns, "M") {
		l.Height, l.Width = number("M", 1, 1), 1
		l.Conv = conv.Conv2d{InChannels: number("K", 1, 1), OutChannels: number("N", 1, 1), Kernel: conv.Pair{H: 1, W: 1},
			Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}, Groups: 1}
		return l
	}
	stride, pad, dilation := number("stride", 1, 1), number("padding", 0, 0), number("dilation", 1, 1)
	padWidth := number("padding width", pad, 0)
	l.Height, l.Width = number("height", 1, 1), number("width", 1, 1)
	l.Conv = conv.Conv2d{InChannels: number("channels", 1, 1), OutChannels: number("filters", 1, 1),
		Kernel: conv.Pair{H: number("kernel height", 1, 1), W: number("kernel width", 1, 1)},
		Stride: conv.Pair{H: stride, W: r.strideWidth(behind, number("stride width", stride, 1))}, Dilation: conv.Pair{H: dilation, W: dilation},
		Padding: conv.Padding{Sides: conv.Sides{Top: pad, Bottom: pad, Left: padWidth, Right: padWidth}}, Groups: number("groups", 1, 1)}
	if !slices.Contains(r.columns, "groups") && strings.Contains(l.Name, "DP") {
		l.Conv.Groups, l.Conv.OutChannels = l.Conv.InChannels, l.Conv.InChannels*l.Conv.OutChannels
	}
	if _, err := l.Conv.Resolve(1, l.Height, l.Width); err != nil && len(r.errs) == 0 {
		r.mistake(0, "%v", err)
	}
	return l
}

// strideWidth is that of an entry behind the last column, or the other one.
func (r *reader) strideWidth(entry string, otherwise int) int {
	if entry == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(strings.TrimSpace(entry), 10, 32)
	if err != nil || n < 1 {
		r.mistake(len(r.columns), "the stride of columns is %q; allowed: whole numbers from 1 on", entry)
		return otherwise
	}
	return int(n)
}

// text returns what a line has in a column.
func (r *reader) text(record []string, column string) string {
	if i := slices.Index(r.columns, column); i >= 0 && i < len(record) {
		return strings.TrimSpace(record[i])
	}
	return ""
}

// number reads a whole number from a column.
func (r *reader) number(record []string, column string, otherwise, least int) int {
	i, text := slices.Index(r.columns, column), r.text(record, column)
	if i < 0 {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || int(n) < least {
		r.mistake(min(i, len(record)-1), "%s is %q; allowed: whole numbers from %d on", column, text, least)
		return max(otherwise, least)
	}
	return int(n)
}
