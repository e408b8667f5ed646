package configs

import "github.com/convsim/convsim/internal/strictyaml"

// Files returns the paths of the files that a hardware was read from.
func (h *Hardware) Files() []string {
	files := append(fileOf(h.positions), pathsOf(h.Source.File, h.Sink.File)...)
	if h.Board.File != "" {
		files = append(files, h.Board.File)
	}
	return files
}

// Files returns the paths of the files that a layer is read from, tensors included.
func (l *Layer) Files() []string {
	t := l.Tensors
	return append(fileOf(l.positions), pathsOf(t.Input, t.Weight, t.Bias, t.Expect)...)
}

// Files returns the paths of the files that a workload is read from.
func (w *Workload) Files() []string {
	var files []string
	for _, layer := range w.Layers {
		files = append(files, layer.Files()...)
	}
	return files
}

func fileOf(p *strictyaml.Positions) []string {
	if p == nil {
		return nil
	}
	return []string{p.File()}
}

// pathsOf returns where those of the paths that name a file lead.
func pathsOf(paths ...Path) []string {
	var files []string
	for _, p := range paths {
		if p.Resolved != "" {
			files = append(files, p.Resolved)
		}
	}
	return files
}
