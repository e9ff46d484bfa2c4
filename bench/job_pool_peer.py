"""What bench_jobs measures, of Python's multiprocessing.Pool: job_pool_peer.py [WORKERS]"""
import multiprocessing as mp
import random
import sys
import time

ROUNDS = 7


def empty(i):
    return i


def sleep(length):
    begin = time.perf_counter()
    time.sleep(length)
    return time.perf_counter() - begin


def show(what, best, median):
    print(f"{what:<52} best {best:>12}   median {median:>12}")


def main():
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    random.seed(1)
    lengths = [random.lognormvariate(-6.9, 1.0) for _ in range(1000)]
    with mp.Pool(workers) as pool:
        for jobs, chunk in [(1, 1), (1000, 1), (20000, 1), (100000, None)]:
            times = []
            for _ in range(ROUNDS):
                begin = time.perf_counter()
                pool.map(empty, range(jobs), chunksize=chunk)
                times.append(time.perf_counter() - begin)
            times.sort()
            kind = "chunks chosen by map" if chunk is None else "one at a time"
            show(f"{jobs} empty jobs, {kind}", f"{jobs / times[0]:.0f}/s", f"{jobs / times[ROUNDS // 2]:.0f}/s")
        for chunk in (1, None):
            parts = []
            for _ in range(ROUNDS):
                begin = time.perf_counter()
                busy = sum(pool.map(sleep, lengths, chunksize=chunk))
                parts.append(100 * busy / ((time.perf_counter() - begin) * workers))
            parts.sort(reverse=True)
            kind = "chunks chosen by map" if chunk is None else "one at a time"
            show(f"1000 uneven jobs, {kind}", f"{parts[0]:.1f} %", f"{parts[ROUNDS // 2]:.1f} %")


if __name__ == "__main__":
    main()
