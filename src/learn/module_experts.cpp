#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <framework/learnt.hpp>
#include <learn/module_experts.hpp>
#include <map>

namespace resident {

namespace {

constexpr std::string_view kForm = "1", kName = "module_experts";  // of what is kept
constexpr std::size_t kExperts = 3;

using ByModule = std::map<std::string, std::vector<std::int64_t>>;  // identities

ByModule unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  ByModule experts;
  const std::size_t modules = unpacker.count(3);
  for (std::size_t i = 0; i < modules; ++i) {
    auto& list = experts[std::string(unpacker.text())];
    list.resize(unpacker.count(1));
    for (auto& identity : list) identity = unpacker.signed_whole();
  }
  unpacker.finish();
  return experts;
}

std::string pack(const ByModule& experts) {
  Packer packer;
  packer.whole(experts.size());
  for (const auto& [module, list] : experts) {
    packer.text(module);
    packer.whole(list.size());
    for (const auto identity : list) packer.signed_whole(identity);
  }
  return packer.take();
}

// People are numbered anew with every merge; identities stay.
ByModule find(const Context& context, const People& people, ModuleMap& map) {
  std::unordered_map<std::int64_t, std::int64_t> identity_of;
  for (const auto& [identity, person] : people.person_of_identity) {
    const auto [found, is_new] = identity_of.emplace(person, identity);
    if (!is_new) found->second = std::min(found->second, identity);
  }
  ByModule result;
  for (const auto& [module, experts] : experts_by_module(context, people, map)) {
    auto& list = result[module];
    for (const auto& expert : experts)
      if (expert.living && list.size() < kExperts)
        if (const auto identity = identity_of.find(expert.person); identity != identity_of.end())
          list.push_back(identity->second);
    if (list.empty()) result.erase(module);
  }
  return result;
}

std::string basis_of(const Context& context, Timestamp moment) {
  const auto count = [&](std::string_view rows) { return count_when_learning(context, rows); };
  std::string rules;
  for (const auto& rule : context.config.modules) rules += fmt::format("{}\n{}\n", rule.name, rule.pattern);
  return fmt::format("{}: {}; {} commits, {} reviews, modules {}{} by {}", kForm, people_basis(context),
                     count("git_commit WHERE project_id = :project AND committed_at"),
                     count("review WHERE project_id = :project AND submitted_at"), short_hash(rules),
                     branch_went_on(context) ? " as they were" : "", format_date(moment));
}

}  // namespace

std::unordered_map<std::string, std::vector<std::int64_t>> living_experts(const Context& context, const People& people,
                                                                          ModuleMap& map) {
  const ByModule experts = kept_or_made(
      context, kName, basis_of(context, learning_moment(context.as_of)), unpack,
      [&] { return find(when_learning(context), people, map); }, pack);
  std::unordered_map<std::string, std::vector<std::int64_t>> result;
  for (const auto& [module, list] : experts)
    for (const auto identity : list)
      if (const auto person = people.person(identity)) result[module].push_back(person);
  return result;
}

}  // namespace resident
