package network

import "github.com/convsim/convsim/conv"

// Pool is the window of a pooling. With one spatial axis the heights of the
// pairs are 1 and those of the padding 0.
type Pool struct {
	Kernel, Stride, Dilation conv.Pair
	Padding                  conv.Padding
	Ceil                     bool // round the output size up
}

// MaxPool takes the largest element of each window; padding is never it.
type MaxPool struct{ Pool Pool }

// AveragePool takes the mean of each window.
type AveragePool struct {
	Pool            Pool
	CountIncludePad bool // padding counts as zeros
	Divisor         int  // divide by this instead of the elements of a window, unless 0
}

// GlobalAveragePool is the mean of each channel.
type GlobalAveragePool struct{}

// GlobalMaxPool is the largest element of each channel.
type GlobalMaxPool struct{}

// QLinearAveragePool is com.microsoft's AveragePool of integers.
type QLinearAveragePool struct {
	Pool         AveragePool
	X, Y         Quant // one scale each
	ChannelsLast bool
}

// QLinearGlobalAveragePool is com.microsoft's GlobalAveragePool of integers.
type QLinearGlobalAveragePool struct {
	X, Y         Quant // one scale each
	ChannelsLast bool
	Clamp        *Clamp
}
