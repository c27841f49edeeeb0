// What a connection brings, to the dashboard's server without its sockets: read in pieces, judged by its head, its
// target and its body taken apart, as in the server. The first byte says how long the pieces are.
#include <algorithm>
#include <analyses/pages.hpp>
#include <server/page_request.hpp>
#include <server/request_reader.hpp>
#include <server/routes.hpp>

#include "fuzz.hpp"

// Pages of the fuzzer's own, one of each reach: which there are is the analyses' matter.
namespace resident {
const std::vector<ShownPage>& shown_pages() {
  static const std::vector<ShownPage> pages{{"today", "Today", ""},
                                            {"flow", "Flow", ""},
                                            {"person", "A person", "", nullptr, PageReach::of_subject},
                                            {"report", "Report", "", nullptr, PageReach::in_file}};
  return pages;
}
const ShownPage* find_shown_page(std::string_view slug) {
  for (const auto& page : shown_pages())
    if (page.slug == slug) return &page;
  return nullptr;
}
}  // namespace resident

namespace {

using namespace resident::server;

void require(bool is_so) {
  if (!is_so) __builtin_trap();
}

struct Read {
  RequestReader::State state = RequestReader::State::head;
  int status = 0;
  std::string target, body, rest;
  bool operator==(const Read&) const = default;
};

const RouteRules kRules{"127.0.0.1", 8765, true, true};
constexpr std::size_t kMostOfABody = 1000;  // so that the limit is met

// One request; what comes behind it is left.
Read read(std::string_view bytes, std::size_t piece) {
  RequestReader reader;
  Read result;
  std::size_t at = 0;
  while (at < bytes.size() && reader.state() != RequestReader::State::complete &&
         reader.state() != RequestReader::State::broken) {
    reader.put(bytes.substr(at, piece));
    at += std::min(piece, bytes.size() - at);
    require(reader.body_size() <= kMostOfABody);
    if (reader.state() == RequestReader::State::decide) {
      Request& head = reader.request();
      std::size_t size = head.target.size();
      for (const auto& [name, value] : head.headers) size += name.size() + value.size();
      require(size <= kLargestHead && reader.body_size() == 0);
      if (check_head(head) || !read_target(head)) break;
      const auto routed = route(head, kRules);
      const auto* taken = std::get_if<Routed>(&routed);
      if (!taken) break;
      require(taken->largest_body == 0 || head.method == "POST");
      reader.take_body(std::min(taken->largest_body, kMostOfABody));
    }
  }
  result.state = reader.state();
  if (result.state == RequestReader::State::broken) result.status = reader.refusal().status;
  if (result.state == RequestReader::State::complete) {
    result.target = reader.request().target;
    result.body = reader.request().body;
    result.rest = reader.take_rest() + std::string(bytes.substr(std::min(at, bytes.size())));
  }
  return result;
}

void look_into(const std::string& target, const std::string& body) {
  Request request;
  request.target = target;
  request.body = body;
  require(read_target(request) && request.path.starts_with("/"));
  if (!slug_of(request.path).empty()) {
    try {
      const resident::PageRequest page = read_request(request, {"demo", "other"});
      require(page.project == "demo" || page.project == "other");
      require(page.from >= 0 && page.number >= 0);
    } catch (const Refusal& refusal) {
      require(refusal.status == kBadRequest || refusal.status == kNotFound);
    }
  }
  if (const auto fields = read_fields(body))
    for (const auto& [name, value] : *fields)
      require(!has_forms(value) ||
              (value[0] == '/' && value.find_first_of("\r\n") == std::string::npos && !value.starts_with("//")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view bytes) {
    if (bytes.empty()) return;
    const std::size_t piece = static_cast<unsigned char>(bytes[0]) + std::size_t{1};
    bytes.remove_prefix(1);
    const Read whole = read(bytes, bytes.size() + 1);
    require(whole == read(bytes, piece) || whole.state == RequestReader::State::broken);
    if (whole.state == RequestReader::State::complete) look_into(whole.target, whole.body);
  });
}
