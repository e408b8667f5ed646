package sched

// InputChannels says which channel every lane of the beats of an input pixel
// carries, beat by beat: -1 where it is idle; nil where all are in order.
func (f Fold) InputChannels() []int {
	return f.channels(f.ChannelFolds, f.Array.SIMD, f.Shape.GroupInChannels())
}

// OutputChannels is InputChannels for the beats of an output pixel.
func (f Fold) OutputChannels() []int {
	return f.channels(f.OutFolds, f.Array.PE, f.Shape.GroupOutChannels())
}

// channels lists channels: of every group fold its beats, of every beat the lanes
// of one array after the other.
func (f Fold) channels(folds, lanes, perGroup int) []int {
	list := make([]int, 0, f.GroupFolds*folds*f.Array.GroupParallel*lanes)
	inOrder := true
	for g := range f.GroupFolds {
		for fold := range folds {
			for array := range f.Array.GroupParallel {
				for lane := range lanes {
					channel := -1
					group, in := g*f.Array.GroupParallel+array, fold*lanes+lane
					if group < f.Shape.Groups && in < perGroup {
						channel = group*perGroup + in
					}
					inOrder = inOrder && channel == len(list)
					list = append(list, channel)
				}
			}
		}
	}
	if inOrder {
		return nil
	}
	return list
}
