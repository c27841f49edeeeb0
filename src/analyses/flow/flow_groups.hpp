// Into which groups `flow` puts an item: by who opened it, size, module, label, season or release phase.
#pragma once

#include <model/flow_items.hpp>
#include <model/releases.hpp>
#include <string>
#include <vector>

namespace resident {

class FlowGroups {
 public:
  // Of the argument "by".
  FlowGroups(const Context& context, const std::vector<FlowItem>& items);
  // What they need to know of items.
  static FlowDetail detail(const Context& context);

  // The largest groups, in the order of their names.
  const std::vector<std::string>& names() const { return names_; }
  // "all", then names().
  std::vector<std::string> with_all() const;
  bool has(const FlowItem& item, const std::string& group) const;
  // For the definition: what the groups are, and what was left out.
  std::string definition() const;

 private:
  std::vector<std::string> of(const FlowItem& item) const;

  std::string by_;
  std::vector<Release> releases_;
  std::string origin_;  // of the releases
  std::vector<std::string> names_;
};

}  // namespace resident
