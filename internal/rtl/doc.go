// Package rtl holds the time plane to real hardware: tables of handshakes
// measured from the RTL of Xilinx/finn (finn-rtllib swg, mvu, fmpadding, fifo, dwc,
// thresholding, requant, stream_tap, eltwisef) in Verilator, one configuration a row.
//
// The kind of a table is recognised by its header. A row is rebuilt as the same
// blocks joined by the same wires and FIFOs, run through the same solver as any
// layer, and every result column is compared: cycles of first and last
// handshakes, intervals, buffer depths, FIFO occupancy, and a hash over every
// handshake at both ends. Rows whose status marks a defect of the RTL are run to
// the end and reported as finished, not compared.
package rtl
