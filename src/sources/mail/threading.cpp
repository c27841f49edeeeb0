#include <algorithm>
#include <map>
#include <sources/mail/threading.hpp>
#include <tuple>
#include <unordered_map>

namespace resident::mail {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr int kLongestChain = 5000;  // of parents; beyond, a link is refused: a hostile chain costs no quadratic time

class Threader {
 public:
  explicit Threader(const std::vector<Node>& nodes) : nodes_(nodes) {
    for (const Node& node : nodes) container(node.id);
    order_.resize(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) order_[i] = i;
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(nodes_[a].at, nodes_[a].id) < std::tie(nodes_[b].at, nodes_[b].id);
    });
  }

  std::vector<MailThread> run() {
    for (const std::size_t index : order_) link(index);
    join_by_subject();
    std::unordered_map<std::size_t, std::size_t> place;
    std::vector<MailThread> threads;
    for (const std::size_t index : order_) {
      const std::size_t root = root_of(index);
      const auto [found, is_new] = place.emplace(root, threads.size());
      if (is_new) threads.push_back({ids_[root], {}});
      threads[found->second].messages.push_back(index);
    }
    return threads;
  }

 private:
  std::size_t container(const std::string& id) {
    const auto [found, is_new] = index_.emplace(id, parents_.size());
    if (is_new) {
      parents_.push_back(kNone);
      ids_.push_back(id);
    }
    return found->second;
  }

  void link(std::size_t index) {
    std::size_t previous = kNone;
    for (const std::string& reference : nodes_[index].references) {
      const std::size_t next = container(reference);
      if (previous != kNone && parents_[next] == kNone) set_parent(next, previous);
      previous = next;
    }
    // What a mail says of itself outweighs what others' chains said of it.
    if (previous != kNone) set_parent(index, previous);
  }

  void set_parent(std::size_t child, std::size_t parent) {
    int steps = 0;
    for (std::size_t each = parent; each != kNone; each = parents_[each])
      if (each == child || ++steps > kLongestChain) return;
    parents_[child] = parent;
  }

  std::size_t root_of(std::size_t index) const {
    while (parents_[index] != kNone) index = parents_[index];
    return index;
  }

  void join_by_subject() {
    struct Alive {
      std::size_t index;
      Timestamp at;
    };
    std::map<std::pair<std::string, std::string>, Alive> newest;  // by list and subject
    for (const std::size_t index : order_) {
      const Node& node = nodes_[index];
      bool is_reply = false;
      const std::string subject = base_subject(node.subject, &is_reply);
      if (subject.empty()) continue;
      const auto [found, is_new] = newest.try_emplace({node.list, subject}, Alive{index, node.at});
      if (!is_new && is_reply && node.references.empty() && parents_[index] == kNone &&
          node.at - found->second.at <= kSubjectReach)
        set_parent(index, found->second.index);
      found->second = {index, node.at};
    }
  }

  const std::vector<Node>& nodes_;
  std::vector<std::size_t> order_, parents_;  // messages first, then what is only referred to
  std::vector<std::string> ids_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace

std::vector<MailThread> thread_messages(const std::vector<Node>& nodes) {
  return Threader(nodes).run();
}

}  // namespace resident::mail
