"""Draws what the demo made: traces and spectra of the synthetic recording, the real one as an image, with gnuplot."""
import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
from scipy.signal import welch

PICTURE = """
set terminal pngcairo size 1300,910 font 'sans,10.5' background '#ffffff'
set output '{out}/demo.png'
set multiplot
set border lc rgb '#888888'
set tics textcolor rgb '#444444'
grey = '#b4b4b4'; blue = '#1f5fa8'

set origin 0,0.5; set size 0.56,0.5
set title 'Five channels of the synthetic recording, before and after a Gaussian of 40 ms'
set xlabel 'time (s)'; unset ytics; set ylabel 'channel'
set xrange [{t0}:{t1}]
set yrange [{bottom}:{top}]; set key top right horizontal
plot for [c=0:4] '{out}/traces.txt' using 1:(column(2+2*c)+c*{gap}) with lines lw 1 lc rgb grey title (c==0 ? 'before' : ''), \\
     for [c=0:4] '{out}/traces.txt' using 1:(column(3+2*c)+c*{gap}) with lines lw 2 lc rgb blue title (c==0 ? 'after' : '')

set origin 0.56,0.5; set size 0.44,0.5
set title 'Power spectrum, mean of all channels'
set xlabel 'frequency (Hz)'; set ylabel 'dB'; set ytics; set grid lc rgb '#dddddd'
set logscale x; set xrange [0.5:500]; set key at graph 0.98, graph 0.62 right vertical samplen 2
set yrange [{low}:{high}]
plot '{out}/spectra.txt' using 1:2 with lines lw 1.5 lc rgb '#8a8a8a' title 'before', \\
     '' using 1:4 with lines lw 1.5 dt 2 lc rgb '#d08020' title 'before x response', \\
     '' using 1:3 with lines lw 2 lc rgb blue title 'after'
unset logscale x; unset grid; set autoscale x; set autoscale y

set palette defined (0 '#23539c', 0.5 '#ffffff', 1 '#b2182b')
set cbrange [-1:1]; unset colorbox; unset key
set xlabel 'time (s)'; set ylabel 'channel'; set tics out
set xrange [{begin}:{end}]; set yrange [0:{channels}]
set origin 0,0; set size 0.5,0.5
set title '{name}, before' noenhanced
plot '{out}/before.bin' binary array=({nx},{ny}) dx={dx} dy={dy} origin=({begin},0) format='%float' with image
set origin 0.5,0; set size 0.5,0.5
set title 'after' noenhanced
plot '{out}/after.bin' binary array=({nx},{ny}) dx={dx} dy={dy} origin=({begin},0) format='%float' with image
unset multiplot
"""


def channels_first(path, source):
    with h5py.File(path) as file:
        data = file[source["dataset"]][...]
    return data if source["time_axis"] == 1 else data.T


def traces(out, source):
    rate = source["sampling_rate"]
    before, after = (channels_first(out / name, source) for name in ("synthetic.h5", "synthetic-smooth.h5"))
    begin, count = int(20 * rate), int(3 * rate)
    picked = np.linspace(0, before.shape[0] - 1, 5).astype(int)
    columns = [np.arange(begin, begin + count) / rate]
    for channel in picked:
        columns += [before[channel, begin:begin + count], after[channel, begin:begin + count]]
    columns = np.array(columns)
    columns[1:] -= np.repeat(columns[2::2].mean(axis=1), 2)[:, None]
    np.savetxt(out / "traces.txt", columns.T, fmt="%.6g")
    gap = 1.1 * np.ptp(columns[1:], axis=1).max()
    return before, after, begin / rate, (begin + count) / rate, gap


def spectra(out, before, after, rate):
    with h5py.File(out / "synthetic-smooth.h5") as file:
        taps = file["provenance/taps"][...]
    frequency, power = welch(before, rate, nperseg=8192)
    _, filtered = welch(after, rate, nperseg=8192)
    response = np.abs(np.exp(-2j * np.pi * np.outer(frequency / rate, np.arange(taps.size))) @ taps) ** 2
    decibels = [10 * np.log10(np.maximum(p, 1e-30)) for p in (power.mean(0), filtered.mean(0), power.mean(0) * response)]
    np.savetxt(out / "spectra.txt", np.array([frequency, *decibels]).T[1:], fmt="%.6g")
    top = decibels[0].max()
    return max(top - 140, decibels[1].min()) - 5, top + 10


def image(path, source, most=3000):
    """At most `most` samples from the recording's middle, about their channels' means, and their times."""
    data = channels_first(path, source)
    begin = max(0, (data.shape[1] - most) // 2)
    data = data[:: max(1, data.shape[0] // 1000), begin:begin + most].astype(np.float64)
    return data - data.mean(axis=1, keepdims=True), begin


def main():
    out, real = Path(sys.argv[1]), Path(sys.argv[2])
    synthetic = json.loads((out / "synthetic.json").read_text())["input"]
    report = out / "real.json"
    source = json.loads(report.read_text())["input"] if report.exists() else synthetic
    before, after, t0, t1, gap = traces(out, synthetic)
    low, high = spectra(out, before, after, synthetic["sampling_rate"])
    (left, begin), (right, _) = image(real, source), image(out / "real-smooth.h5", source)
    images = [left, right]
    limit = np.percentile(np.abs(images[1]), 99)
    for name, data in zip(("before", "after"), images):
        (np.clip(data / limit, -1, 1)).astype("<f4").tofile(out / f"{name}.bin")
    ny, nx = images[0].shape
    rate = source["sampling_rate"] or 1.0
    script = PICTURE.format(out=out, t0=t0, t1=t1, gap=gap, bottom=-0.6 * gap, top=5 * gap, low=low, high=high, name=real.name,
                            begin=begin / rate, end=(begin + nx) / rate, channels=source["channels"], nx=nx, ny=ny,
                            dx=1 / rate, dy=source["channels"] / ny)
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


if __name__ == "__main__":
    main()
