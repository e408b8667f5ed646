//go:build unix

package tool

import (
	"os/exec"
	"syscall"
)

// apart gives a program and what it starts a process group of their own.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
