// What the sections of one page have in common and takes long to find out: made once, by the section that needs it
// first, and kept as long as the page is being made. A section alone (a command, a tool) makes its own.
#pragma once

#include <framework/analysis.hpp>
#include <functional>
#include <memory>
#include <string>

namespace resident {

class PageMemo {
 public:
  PageMemo();
  ~PageMemo();
  PageMemo(const PageMemo&) = delete;
  PageMemo& operator=(const PageMemo&) = delete;

  // Its sections are given its name as this argument, which is no parameter of theirs.
  static constexpr const char* kArgument = "$page";
  const std::string& name() const { return name_; }

  // what: names it, with all it depends on beside the project and the moment. For several threads: who comes while it
  // is being made waits for it.
  template <class T>
  static std::shared_ptr<const T> shared(const Context& context, const std::string& what,
                                         const std::function<std::shared_ptr<const T>()>& make) {
    return std::static_pointer_cast<const T>(
        find_or_make(context, what, [&]() -> std::shared_ptr<const void> { return make(); }));
  }

 private:
  static std::shared_ptr<const void> find_or_make(const Context& context, const std::string& what,
                                                  const std::function<std::shared_ptr<const void>()>& make);
  std::string name_;
};

}  // namespace resident
