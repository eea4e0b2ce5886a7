// Package fault asks a handset for signs of its own fault, before the reset destroys
// it: the battery's wear, restarts, crashes, heat, storage, network, sensors, cameras and
// the touch screen.
//
// [Collect] asks the parts that belong to a kind of fault and returns them with a finding
// for each. It only reads. A finding is pass where the handset shows no sign of a fault,
// which proves little; warn where it shows one; unknown where it does not answer. None of
// them counts for or against posting the handset.
//
// A sentence names signs, and never a part to replace: that is for a technician.
// Names of apps that the owner installed stay out unless the owner agreed.
//
// It imports adb/handset and its rooms dump and health for the answers, and report for
// its result.
package fault
