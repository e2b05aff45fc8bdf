import enclosed from "../runtime/codeact_runtime/enclosed.py";
import confinement from "../runtime/codeact_runtime/confinement/__init__.py";
import confinedDescriptors from "../runtime/codeact_runtime/confinement/descriptors.py";
import confinedEnclosure from "../runtime/codeact_runtime/confinement/enclosure.py";
import confinedErrors from "../runtime/codeact_runtime/confinement/errors.py";
import confinedFileSystem from "../runtime/codeact_runtime/confinement/file_system.py";
import confinedFiles from "../runtime/codeact_runtime/confinement/files.py";
import confinedIdentity from "../runtime/codeact_runtime/confinement/identity.py";
import confinedInitProcess from "../runtime/codeact_runtime/confinement/init_process.py";
import confinedKernel from "../runtime/codeact_runtime/confinement/kernel.py";
import confinedLandlock from "../runtime/codeact_runtime/confinement/landlock.py";
import confinedLimits from "../runtime/codeact_runtime/confinement/limits.py";
import confinedMounts from "../runtime/codeact_runtime/confinement/mounts.py";
import confinedPolicy from "../runtime/codeact_runtime/confinement/policy.py";
import confinedPrivileges from "../runtime/codeact_runtime/confinement/privileges.py";
import confinedReadableFiles from "../runtime/codeact_runtime/confinement/readable_files.py";
import confinedSandbox from "../runtime/codeact_runtime/confinement/sandbox.py";
import confinedSeccomp from "../runtime/codeact_runtime/confinement/seccomp.py";
import confinedSystemCallNumbers from "../runtime/codeact_runtime/confinement/system_call_numbers.py";
import confinedSystemCallRules from "../runtime/codeact_runtime/confinement/system_call_rules.py";
import confinedWarden from "../runtime/codeact_runtime/confinement/warden.py";

/** What confines forked sessions. */
export const confinementModules: Readonly<Record<string, string>> = {
  "codeact_runtime.enclosed": enclosed,
  "codeact_runtime.confinement": confinement,
  "codeact_runtime.confinement.descriptors": confinedDescriptors,
  "codeact_runtime.confinement.enclosure": confinedEnclosure,
  "codeact_runtime.confinement.errors": confinedErrors,
  "codeact_runtime.confinement.file_system": confinedFileSystem,
  "codeact_runtime.confinement.files": confinedFiles,
  "codeact_runtime.confinement.identity": confinedIdentity,
  "codeact_runtime.confinement.init_process": confinedInitProcess,
  "codeact_runtime.confinement.kernel": confinedKernel,
  "codeact_runtime.confinement.landlock": confinedLandlock,
  "codeact_runtime.confinement.limits": confinedLimits,
  "codeact_runtime.confinement.mounts": confinedMounts,
  "codeact_runtime.confinement.policy": confinedPolicy,
  "codeact_runtime.confinement.privileges": confinedPrivileges,
  "codeact_runtime.confinement.readable_files": confinedReadableFiles,
  "codeact_runtime.confinement.sandbox": confinedSandbox,
  "codeact_runtime.confinement.seccomp": confinedSeccomp,
  "codeact_runtime.confinement.system_call_numbers": confinedSystemCallNumbers,
  "codeact_runtime.confinement.system_call_rules": confinedSystemCallRules,
  "codeact_runtime.confinement.warden": confinedWarden,
};
