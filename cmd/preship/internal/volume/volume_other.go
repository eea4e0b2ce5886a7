//go:build !linux && !darwin && !windows

package volume

import "errors"

// Of returns the volume that a folder is on.
func Of(string) (Volume, error) { return Volume{}, errors.ErrUnsupported }
