#include <algorithm>
#include <sources/proposals/storyline.hpp>
#include <sources/proposals/words.hpp>

namespace resident {

namespace {

constexpr std::size_t kNoStory = static_cast<std::size_t>(-1);

struct StoryNode {
  std::size_t before = kNoStory, change = 0, depth = 0;
};

class Stories {
 public:
  explicit Stories(const StoryQuestion& question) : question_(question) {
    for (std::size_t i = 0; i < question.changes.size(); ++i) made_.emplace(question.changes[i].step, i);
  }

  std::size_t of_step(std::size_t last) {
    const std::size_t count = std::min(last + 1, question_.parents.size());
    std::vector<std::size_t> stories(count, kNoStory);
    std::vector<const std::string*> says(count, &nothing_);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& parents = question_.parents[i];
      if (!parents.empty()) {
        stories[i] = stories[parents[0]];
        says[i] = says[parents[0]];
      }
      if (const auto said = question_.says.find(i); said != question_.says.end()) says[i] = &said->second;
      for (std::size_t other = 1; other < parents.size(); ++other) {
        const bool is_its = *says[parents[other]] == *says[i];
        stories[i] = merged(stories[i], stories[parents[other]], *says[i], is_its);
      }
      if (const auto change = made_.find(i); change != made_.end()) stories[i] = going_on(stories[i], change->second);
    }
    return count == 0 ? kNoStory : stories[count - 1];
  }

  std::vector<std::size_t> changes_of(std::size_t story) const {
    std::vector<std::size_t> changes;
    for (; story != kNoStory; story = nodes_[story].before) changes.push_back(nodes_[story].change);
    std::reverse(changes.begin(), changes.end());
    return changes;
  }

 private:
  std::size_t depth(std::size_t story) const { return story == kNoStory ? 0 : nodes_[story].depth; }
  const std::string& end(std::size_t story) const {
    return story == kNoStory ? nothing_ : question_.changes[nodes_[story].change].to;
  }
  bool begins_with(std::size_t story, std::size_t with) const {
    while (depth(story) > depth(with)) story = nodes_[story].before;
    return story == with;
  }

  std::size_t going_on(std::size_t story, std::size_t change) {
    if (story != kNoStory && end(story) == question_.changes[change].to) return story;
    nodes_.push_back({story, change, depth(story) + 1});
    return nodes_.size() - 1;
  }

  // ours: of the first parent; is_its: what stands after the merge is what the other side says.
  std::size_t merged(std::size_t ours, std::size_t theirs, const std::string& now, bool is_its) {
    if (begins_with(ours, theirs)) return ours;
    if (begins_with(theirs, ours)) return is_its ? theirs : ours;
    if (!is_its || end(ours) == now) return ours;
    return behind(ours, theirs);
  }

  // Both went on by themselves, and theirs stands: what of it came after ours.
  std::size_t behind(std::size_t ours, std::size_t theirs) {
    std::vector<std::size_t> own;
    for (std::size_t story = theirs; !begins_with(ours, story); story = nodes_[story].before)
      own.push_back(nodes_[story].change);
    std::reverse(own.begin(), own.end());
    std::size_t from = own.size();
    while (from > 0 && !is_same_word(question_.changes[own[from - 1]].to, end(ours))) --from;
    if (from == 0) {
      // What they decided last, with all spellings that it got.
      from = own.size() - 1;
      while (from > 0 && is_same_word(question_.changes[own[from]].from, question_.changes[own[from]].to)) --from;
    }
    for (; from < own.size(); ++from) ours = going_on(ours, own[from]);
    return ours;
  }

  const StoryQuestion& question_;
  const std::string nothing_;
  std::map<std::size_t, std::size_t> made_;
  std::vector<StoryNode> nodes_;
};

}  // namespace

std::vector<std::size_t> tell_story(const StoryQuestion& question, std::size_t last) {
  Stories stories(question);
  return stories.changes_of(stories.of_step(last));
}

}  // namespace resident
