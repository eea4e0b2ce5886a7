//go:build !linux && !darwin && !windows

package main

import "errors"

func volumeOf(string) (volume, error) { return volume{}, errors.ErrUnsupported }
