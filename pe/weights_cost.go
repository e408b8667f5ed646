package pe

import "github.com/convsim/convsim/internal/resources"

// Bill enters what is read: the memory is not on the device.
func (w Weights) Bill(b *resources.Bill) { b.External(w.stream()) }
