#include <mpi.h>

/// What a program costs that only starts MPI and ends it.
int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  MPI_Finalize();
}
