// Pages that were made, kept while what they depend on is the same: by request and
// version of the store. Bounded in bytes; what was used longest ago goes first. For
// several threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident::server {

struct KeptPage {
  std::vector<Page> pages;                        // none: there is no such item or thread
  std::shared_ptr<const std::string> document{};  // as it is sent, where no form was sent before; null: not rendered
  std::chrono::system_clock::time_point begun{};  // when its making began
  std::uint64_t forms = 0;                        // taken before that
  std::string state = {};                         // of the sources, as it was then
  std::chrono::milliseconds took{0};              // to make it
  bool is_recalled = false;                       // an earlier server made it; there are no pages of it, then
};

class PageCache {
 public:
  explicit PageCache(std::size_t largest) : largest_(largest) {}

  // Null: not kept, or of another version.
  std::shared_ptr<const KeptPage> find(const std::string& request, const std::string& version);
  // The last one that was kept, of whatever version; null: none.
  std::shared_ptr<const KeptPage> newest(const std::string& request);
  // Replaces what is kept of other versions. A page that alone is too large is not kept.
  void keep(const std::string& request, const std::string& version, std::shared_ptr<const KeptPage> page);
  std::size_t size() const;  // bytes, as counted

 private:
  struct Entry {
    std::string request, version;
    std::shared_ptr<const KeptPage> page;
    std::size_t size = 0;
  };
  void drop(std::list<Entry>::iterator entry);

  const std::size_t largest_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the one used last comes first
  std::map<std::string, std::list<Entry>::iterator> by_request_;
  std::size_t size_ = 0;
};

}  // namespace resident::server
