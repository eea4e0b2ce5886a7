//go:build !unix

package main

var (
	specialKeys    []badKey
	specialOutputs []badOutput
)
