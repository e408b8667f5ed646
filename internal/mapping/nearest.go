package mapping

// nearest finds the whole factors by which an operator makes images larger, if all that
// it does is to show every pixel so many times below and beside itself.
func nearest(from source, in, out []int) (sy, sx int, ok bool) {
	rank := len(in)
	if from.at == nil || rank != len(out) || rank < 3 || rank > 4 || in[0] != out[0] || in[1] != out[1] {
		return 0, 0, false
	}
	height, tall := 1, 1
	if rank == 4 {
		height, tall = in[2], out[2]
	}
	width, wide := in[rank-1], out[rank-1]
	if height*width*tall*wide == 0 || tall%height > 0 || wide%width > 0 || tall*wide == height*width {
		return 0, 0, false
	}
	sy, sx = tall/height, wide/width
	for i, at := range from.at {
		c, y, x := i/(tall*wide), i/wide%tall, i%wide
		if int(at) != (c*height+y/sy)*width+x/sx {
			return 0, 0, false
		}
	}
	return sy, sx, true
}
