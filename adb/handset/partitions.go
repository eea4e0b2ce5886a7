package handset

import (
	"preship/report/message"
	"preship/report/pattern"
)

// otherVendorBuild compares the partitions' builds. Their fingerprints' devices
// are not compared: the maker's own system partitions say qssi, missi, generic.
func otherVendorBuild(b build) message.Sentence {
	own := b.value(buildName)
	for _, key := range []string{"ro.vendor.build.version.incremental", "ro.system.build.version.incremental", "ro.product.build.version.incremental"} {
		if other := b.value(key); own != "" && other != "" && !sameBuild(own, other) {
			return message.Say("identity.why.differ", "name", buildName, "value", own, "other", key, "another", other)
		}
	}
	for _, key := range []string{"ro.vendor.build.fingerprint", "ro.system.build.fingerprint"} {
		if other, ok := parseFingerprint(b.value(key)); ok && own != "" && !sameBuild(own, other.incremental) {
			return message.Say("identity.why.differ", "name", buildName, "value", own, "other", key, "another", other.incremental)
		}
	}
	return message.Sentence{}
}

func otherBuildID(b build) message.Sentence {
	if b.sharedSystem() {
		return message.Sentence{}
	}
	return b.differs("identity.saw.print-id", b.fingerprint.id, "ro.build.id")
}

// vendorsBuildID sees a build ID of the vendor partition in the fingerprint: another
// system's, or one of the maker's own from HyperOS 3 on.
func vendorsBuildID(b build) message.Sentence {
	if !b.sharedSystem() {
		return message.Sentence{}
	}
	return b.differs("identity.saw.print-id", b.fingerprint.id, "ro.build.id")
}

// sharedSystem reports whether the build is of HyperOS 3 or newer, and the fingerprint's
// too: several models share its system partition, so its build ID need not be theirs.
func (b build) sharedSystem() bool {
	own := b.value(buildName)
	return b.fingerprint.incremental == own && wholeBuild().MatchString(own)
}

// wholeBuild is the name of a build of HyperOS: OS3.0.303.0.WOZMIXM. From HyperOS 4 on
// vendor and odm leave its last letters out, and may be of an earlier count:
// OS4.0.17.1.XEOCN in OS4.0.19.0.XEOCNXM (public reports of the update packages of yupei,
// madrid and pudding).
var wholeBuild = pattern.New(`^OS(([34])\.\d+)\.\d+\.\d+\.([A-Z]{5})(?:XM)?$`)

// systemBuild is the name of a system partition that several models share:
// 16OS3.1.260625.171925424.QCPDGL.S in OS3.0.303.0.WOZMIXM, 17OS4.0.260913.205532236.QCPDCN.S
// in OS4.0.5.0.XPZCNXM (the same reports, and device trees of uke, rodin and klee).
var systemBuild = pattern.New(`^\d{2}OS([34])\.\d+\.\d{6}\.\d{9}\.[A-Z]{6}\.S$`)

// sameBuild reports whether a partition's build belongs to that of the whole system. Up
// to the first HyperOS 3 the two are the same word.
func sameBuild(own, part string) bool {
	whole := wholeBuild().FindStringSubmatch(own)
	if own == part || whole == nil {
		return own == part
	}
	if m := systemBuild().FindStringSubmatch(part); m != nil {
		return m[1] == whole[2]
	}
	m := wholeBuild().FindStringSubmatch(part)
	return m != nil && whole[2] == "4" && m[1] == whole[1] && m[3] == whole[3]
}
