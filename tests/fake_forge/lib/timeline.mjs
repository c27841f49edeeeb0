// Kinds of REST timeline entries and their GraphQL types, and the numbers that pages of connections hang on.
export const TYPE_OF_EVENT = {
  added_to_merge_queue: 'AddedToMergeQueueEvent', added_to_project: 'AddedToProjectEvent', added_to_project_v2: 'AddedToProjectV2Event', assigned: 'AssignedEvent',
  auto_merge_disabled: 'AutoMergeDisabledEvent', auto_merge_enabled: 'AutoMergeEnabledEvent', auto_rebase_enabled: 'AutoRebaseEnabledEvent', auto_squash_enabled: 'AutoSquashEnabledEvent',
  automatic_base_change_failed: 'AutomaticBaseChangeFailedEvent', automatic_base_change_succeeded: 'AutomaticBaseChangeSucceededEvent', base_ref_changed: 'BaseRefChangedEvent',
  base_ref_deleted: 'BaseRefDeletedEvent', base_ref_force_pushed: 'BaseRefForcePushedEvent', closed: 'ClosedEvent', comment_deleted: 'CommentDeletedEvent', commented: 'IssueComment',
  'commit-commented': 'PullRequestCommitCommentThread', committed: 'PullRequestCommit', connected: 'ConnectedEvent', convert_to_draft: 'ConvertToDraftEvent',
  converted_note_to_issue: 'ConvertedNoteToIssueEvent', converted_to_discussion: 'ConvertedToDiscussionEvent', 'cross-referenced': 'CrossReferencedEvent', demilestoned: 'DemilestonedEvent',
  deployed: 'DeployedEvent', deployment_environment_changed: 'DeploymentEnvironmentChangedEvent', disconnected: 'DisconnectedEvent', head_ref_deleted: 'HeadRefDeletedEvent',
  head_ref_force_pushed: 'HeadRefForcePushedEvent', head_ref_restored: 'HeadRefRestoredEvent', labeled: 'LabeledEvent', 'line-commented': 'PullRequestReviewThread', locked: 'LockedEvent',
  marked_as_duplicate: 'MarkedAsDuplicateEvent', mentioned: 'MentionedEvent', merged: 'MergedEvent', milestoned: 'MilestonedEvent', moved_columns_in_project: 'MovedColumnsInProjectEvent',
  parent_issue_added: 'ParentIssueAddedEvent', parent_issue_removed: 'ParentIssueRemovedEvent', pinned: 'PinnedEvent', ready_for_review: 'ReadyForReviewEvent', referenced: 'ReferencedEvent',
  removed_from_merge_queue: 'RemovedFromMergeQueueEvent', removed_from_project: 'RemovedFromProjectEvent', renamed: 'RenamedTitleEvent', reopened: 'ReopenedEvent',
  review_dismissed: 'ReviewDismissedEvent', review_request_removed: 'ReviewRequestRemovedEvent', review_requested: 'ReviewRequestedEvent', reviewed: 'PullRequestReview',
  sub_issue_added: 'SubIssueAddedEvent', sub_issue_removed: 'SubIssueRemovedEvent', subscribed: 'SubscribedEvent', transferred: 'TransferredEvent', unassigned: 'UnassignedEvent',
  unlabeled: 'UnlabeledEvent', unlocked: 'UnlockedEvent', unmarked_as_duplicate: 'UnmarkedAsDuplicateEvent', unpinned: 'UnpinnedEvent', unsubscribed: 'UnsubscribedEvent',
  user_blocked: 'UserBlockedEvent',
};

// LabeledEvent → LABELED_EVENT
export const enumOf = (type) => type.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

export const encodeCursor = (key) => Buffer.from(`cursor:v2:${JSON.stringify(key)}`).toString('base64');
export function decodeCursor(text) {
  const plain = Buffer.from(text, 'base64').toString();
  if (!plain.startsWith('cursor:v2:')) return null;
  try {
    return JSON.parse(plain.slice('cursor:v2:'.length));
  } catch {
    return null;
  }
}

function compare(a, b) {
  for (let index = 0; index < a.length; ++index) {
    if (a[index] < b[index]) return -1;
    if (a[index] > b[index]) return 1;
  }
  return 0;
}

// A connection over a list that is in the order of `keyOf`. A cursor holds the key, as GitHub's do, so going on
// after one is right whatever was added, removed or moved meanwhile.
export function connection(list, { first, last, after, before, skip }, keyOf, wrap, descending = false, more = {}) {
  const sign = descending ? -1 : 1;
  const from = (text, strict) => {
    const key = decodeCursor(text);
    if (!key) return list.length;
    const found = list.findIndex((one) => { const order = sign * compare(keyOf(one), key); return strict ? order > 0 : order >= 0; });
    return found < 0 ? list.length : found;
  };
  let begin = after ? from(after, true) : 0;
  let end = before ? from(before, false) : list.length;
  if (skip) begin += skip;
  const all = { begin, end };
  if (first !== undefined && first !== null) end = Math.min(end, begin + first);
  else if (last !== undefined && last !== null) begin = Math.max(begin, end - last);
  const shown = list.slice(begin, end);
  const result = {
    totalCount: list.length,
    get nodes() { return (this.made ??= shown.map(wrap)); },
    get edges() { return this.nodes.map((node, index) => ({ node, cursor: encodeCursor(keyOf(shown[index])) })); },
    pageInfo: {
      hasNextPage: end < all.end, hasPreviousPage: begin > 0,
      startCursor: shown.length ? encodeCursor(keyOf(shown[0])) : null, endCursor: shown.length ? encodeCursor(keyOf(shown[shown.length - 1])) : null,
    },
  };
  for (const [name, value] of Object.entries(more)) result[name] = value;
  return result;
}
export const emptyConnection = () => connection([], {}, () => [], (one) => one);
