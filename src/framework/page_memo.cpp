#include <framework/page_memo.hpp>
#include <future>
#include <map>
#include <mutex>

namespace resident {

namespace {

using Made = std::shared_future<std::shared_ptr<const void>>;

struct Memos {
  std::mutex mutex;
  std::uint64_t count = 0;
  std::map<std::string, std::map<std::string, Made>> made;  // by the page's name
};

Memos& memos() {
  static Memos all;
  return all;
}

}  // namespace

PageMemo::PageMemo() {
  const std::lock_guard lock(memos().mutex);
  name_ = std::to_string(++memos().count);
  memos().made[name_];
}

PageMemo::~PageMemo() {
  std::map<std::string, Made> dropped;  // outside the lock
  const std::lock_guard lock(memos().mutex);
  dropped = std::move(memos().made[name_]);
  memos().made.erase(name_);
}

std::shared_ptr<const void> PageMemo::find_or_make(const Context& context, const std::string& what,
                                                   const std::function<std::shared_ptr<const void>()>& make) {
  std::promise<std::shared_ptr<const void>> promise;
  Made by_another;
  {
    std::unique_lock lock(memos().mutex);
    const auto page = memos().made.find(context.argument(kArgument));
    if (page == memos().made.end()) {
      lock.unlock();
      return make();
    }
    const auto [found, is_first] = page->second.try_emplace(what);
    if (is_first)
      found->second = promise.get_future().share();
    else
      by_another = found->second;
  }
  if (by_another.valid()) return by_another.get();
  try {
    auto result = make();
    promise.set_value(result);
    return result;
  } catch (...) {
    promise.set_exception(std::current_exception());
    throw;
  }
}

}  // namespace resident
