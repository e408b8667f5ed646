package configs

// Schemas returns what generates each file of the folder schema.
func Schemas() map[string]func() ([]byte, error) {
	return map[string]func() ([]byte, error){
		"hardware.schema.json": HardwareSchema,
		"layer.schema.json":    LayerSchema,
		"network.schema.json":  NetworkSchema,
		"workload.schema.json": WorkloadSchema,
	}
}
