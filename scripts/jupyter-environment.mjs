// The virtual environment with current Jupyter servers and kernels.
import { virtualEnvironment } from "./virtual-environment.mjs";

const requirements = [
  "jupyter-server==2.21.1",
  "jupyter-kernel-gateway==3.0.1",
  "ipykernel==7.4.0",
  "bash_kernel==0.10.0",
];

/** The folder of its programs. */
export function jupyterEnvironment() {
  return virtualEnvironment("python-jupyter", requirements);
}
