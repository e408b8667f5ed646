// The clock of the testbench, for Verilator.
#include "Vtb.h"
#include "verilated.h"

int main(int argc, char** argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vtb bench(&context);
    bench.aclk = 0;
    while (!context.gotFinish()) {
        bench.eval();
        context.timeInc(1);
        bench.aclk = !bench.aclk;
    }
    bench.final();
    return 0;
}
