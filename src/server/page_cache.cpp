#include <server/page_cache.hpp>

namespace resident::server {

namespace {

// The rows of a page take some four times the bytes of the document that shows them.
constexpr std::size_t kRowsPerByte = 4, kLeast = 4096;

}  // namespace

std::shared_ptr<const KeptPage> PageCache::find(const std::string& request, const std::string& version) {
  const std::lock_guard lock(mutex_);
  const auto found = by_request_.find(request);
  if (found == by_request_.end() || found->second->version != version) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->page;
}

std::shared_ptr<const KeptPage> PageCache::newest(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const auto found = by_request_.find(request);
  return found == by_request_.end() ? nullptr : found->second->page;
}

void PageCache::keep(const std::string& request, const std::string& version, std::shared_ptr<const KeptPage> page) {
  const std::size_t size =
      kLeast + request.size() + version.size() + (page->document ? page->document->size() * (1 + kRowsPerByte) : 0);
  const std::lock_guard lock(mutex_);
  if (const auto found = by_request_.find(request); found != by_request_.end()) drop(found->second);
  if (size > largest_) return;
  while (size_ + size > largest_) drop(std::prev(entries_.end()));
  entries_.push_front({request, version, std::move(page), size});
  by_request_[request] = entries_.begin();
  size_ += size;
}

std::size_t PageCache::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

void PageCache::drop(std::list<Entry>::iterator entry) {
  size_ -= entry->size;
  by_request_.erase(entry->request);
  entries_.erase(entry);
}

}  // namespace resident::server
