//go:build !linux

package safefiletest

func memoryDisk() string { return "" }
