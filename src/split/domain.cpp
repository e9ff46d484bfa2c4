#include <utility>

#include <weir/split/domain.hpp>

namespace weir {
namespace {

std::optional<split_domain> domain_now;
bool serial_now = false;
int alone_scopes = 0;

}  // namespace

split_domain split_domain::self() {
  static const communicator this_rank = communicator::self();
  return this_rank;
}

domain_scope::domain_scope(split_domain domain) : before_(std::exchange(domain_now, domain)) {}
domain_scope::~domain_scope() {
  domain_now = before_;
}
std::optional<split_domain> domain_scope::current() {
  return domain_now;
}

serial::serial(bool on) : before_(std::exchange(serial_now, on)) {}
serial::~serial() {
  serial_now = before_;
}
void serial::set(bool on) {
  serial_now = on;
}
bool serial::is_on() {
  return serial_now;
}

alone_scope::alone_scope() noexcept {
  ++alone_scopes;
}
alone_scope::~alone_scope() {
  --alone_scopes;
}
bool alone_scope::is_open() noexcept {
  return alone_scopes > 0;
}

}  // namespace weir
