package resources

// Cost is what the buffer takes by itself.
func (b Buffer) Cost() Amount { return bufferAmount(b) }

// Cost is what the memory takes by itself, its output register not included.
func (m Memory) Cost() Amount { return wordMemory(m) }
