package main

import "context"

// slowly does what may take long and looks at no context, such as reading files: as
// untilStopped does it, and on a terminal it says what is done and for how long.
func slowly[T any](ctx context.Context, s streams, name, doing string, f func() (T, error)) (T, error) {
	talk := newPhaseTalk(s.err, name)
	defer talk.clear()
	talk.tell(doing)
	return untilStopped(ctx, f)
}
