#include "run_options.hpp"

#include <weir/error.hpp>

#include "compression.hpp"
#include "quantities.hpp"

namespace weir::cli {

void run_options::add_options(option_list& app) {
  const std::string group = "Run";
  app.add_option("--memory-per-node", memory_per_node_,
                 "most memory of a node, as 8GiB [a quarter of what it allows]")
      ->type_name("SIZE")
      ->group(group);
  app.add_option("--chunk-duration", chunk_duration_,
                 "length of a block, as 10s or 5000n [what memory and the file make best]")
      ->type_name("TIME")
      ->group(group);
  app.add_option("--split", split_, "what domains divide among themselves; auto reads least")
      ->one_of({"auto", "rows", "time"})
      ->capture_default_str()
      ->group(group);
  app.add_option("--ranks-per-domain", ranks_per_domain_,
                 "ranks that share one window: node, numa, or a number of them")
      ->type_name("K|node|numa")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--write", write_,
         "parallel: every rank writes its chunks; leader: one rank a domain; gather: rank 0 alone; "
         "per-node: each domain writes a file of its own, as out.node-0000.h5, and out.h5 joins those files")
      ->one_of({"parallel", "leader", "gather", "per-node"})
      ->capture_default_str()
      ->group(group);
  app.add_option("--compress", compress_,
                 "pack the output's chunks, on all ranks: none, gzip:1 (fast) to gzip:9 (small)")
      ->type_name("none|gzip:N")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--shuffle", shuffle_, "sort the samples' bytes by their weight before they are compressed")
      ->group(group);
  app.add_flag("--durable", durable_,
               "wait until the disk has the output before it gets its name, against loss of power")
      ->group(group);
  app.add_flag("--resume", resume_, "go on from what an interrupted run of the same command left; else begin")
      ->group(group);
  app.add_option("--max-time", max_time_,
                 "stop at a checkpoint before this time is over, as 55m or 11.5h, and exit with 75")
      ->type_name("TIME")
      ->group(group);
  app.add_option("--checkpoint-interval", checkpoint_interval_, "time between two checkpoints")
      ->type_name("TIME")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--overwrite", overwrite_, "replace OUT if it exists")->group(group);
  app.add_flag("--plan", is_plan_,
               "print memory, blocks, bytes and the time to expect, and end; nothing is touched")
      ->configurable(false)
      ->group(group);
  app.add_option("--estimate-from", estimate_from_,
                 "with --plan: expect the rates that an earlier run had, by its --report [usual rates]")
      ->type_name("FILE.json")
      ->configurable(false)
      ->names_input()
      ->group(group);
  app.add_option("--report", report_, "write what was done, where, and how long it took, as JSON")
      ->type_name("FILE.json")
      ->group(group);
}

void run_options::check() const {
  if (!estimate_from_.empty() && !is_plan_) {
    throw error(exit_code::usage,
                "--estimate-from is for --plan, which is not given; add it or leave both out");
  }
  if (!memory_per_node_.empty()) parse_bytes(memory_per_node_, "--memory-per-node");
  parse_packing(compress_, shuffle_);
  max_time();
  parse_seconds(checkpoint_interval_, "--checkpoint-interval");
}

std::optional<std::chrono::duration<double>> run_options::max_time() const {
  if (max_time_.empty()) return std::nullopt;
  return parse_seconds(max_time_, "--max-time");
}

void run_options::fill(pipeline::filter_job& job) const {
  job.overwrite = overwrite_;
  job.durable = durable_;
  job.resume = resume_;
  job.checkpoint_interval = parse_seconds(checkpoint_interval_, "--checkpoint-interval");
  if (!chunk_duration_.empty()) {
    job.block_samples = in_samples(parse_duration(chunk_duration_, "--chunk-duration"),
                                   job.input.sampling_rate, "--chunk-duration");
  }
  if (split_ != "auto") job.split = split_ == "rows" ? split_axis::rows : split_axis::time;
  if (!memory_per_node_.empty()) job.memory_per_node = parse_bytes(memory_per_node_, "--memory-per-node");
  job.write = write_ == "leader"     ? pipeline::write_mode::leader
              : write_ == "gather"   ? pipeline::write_mode::gather
              : write_ == "per-node" ? pipeline::write_mode::per_node
                                     : pipeline::write_mode::parallel;
  job.packed = parse_packing(compress_, shuffle_);
}

}  // namespace weir::cli
