# Sourced by the scripts beside it: moves to the project's root, sees that what weir needs is installed, builds.
# Installs with apt where it may (root, or sudo without a password); elsewhere it says what is missing and stops.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

# As root, and in containers without ptrace, Open MPI wants to be told that this is meant.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none

weir_packages=(
  g++ cmake ninja-build openmpi-bin libopenmpi-dev libhdf5-openmpi-dev libdeflate-dev libxtensor-dev libcli11-dev
  libfmt-dev libspdlog-dev nlohmann-json3-dev libgtest-dev libgmock-dev libbenchmark-dev libfftw3-dev hdf5-tools
  gnuplot-nox procps python3-numpy python3-scipy python3-h5py
)
# What the tests of a cluster and of quotas want, which do without where it cannot be had.
cluster_packages=(slurm-wlm munge iproute2 btrfs-progs)
# What weir is measured beside, which is left out where it cannot be had.
peer_packages=(python3-mne)

# Says which of the named packages are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] || echo "$package"
  done
}

# install_packages NAME ...
install_packages() {
  command -v dpkg-query >/dev/null || return 0 # not Debian: CMake names what is missing
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      echo "missing packages: ${missing[*]}" >&2
      echo "install them with: sudo apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo -n)
  fi
  echo "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# install_optional_packages NAME ...: for root alone. No failure: what wants them says that it does without.
install_optional_packages() {
  [ "$(id -u)" = 0 ] && command -v dpkg-query >/dev/null || return 0
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing ${missing[*]}"
  { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } ||
    echo "these cannot be installed: ${missing[*]}" >&2
}

# Only root can start a cluster and mount a file system with quotas, so only root is given them.
install_cluster_packages() { install_optional_packages "${cluster_packages[@]}"; }
install_peer_packages() { install_optional_packages "${peer_packages[@]}"; }

# build_weir PRESET [TARGET ...]
build_weir() {
  local preset=$1
  shift
  local log=build/$preset/configure.log
  mkdir -p "build/$preset"
  cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  cmake --build "build/$preset" ${1:+--target "$@"}
}

# Debian's Python, which has SciPy and h5py as packages, ahead of any other that is on the path.
weir_python=/usr/bin/python3
[ -x "$weir_python" ] || weir_python=python3

install_packages "${weir_packages[@]}"
