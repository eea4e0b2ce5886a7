// Package command is Android's own commands on an emulated handset: am, pm, cmd,
// dumpsys, settings, service and what else a row of preship's command table, a bench
// or a test of AOSP asks for. They read and change a [android.State].
//
// Their words and exit statuses are Android's, for the API level of the handset. A
// verb that is not here is answered as Android answers an unknown one.
package command
