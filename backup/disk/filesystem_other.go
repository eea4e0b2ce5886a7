//go:build !linux && !darwin && !windows

package disk

// FileSystemOf knows no file system here.
func FileSystemOf(string) FileSystem { return FileSystem{} }
