"""Documents for outside Slack: what they hold is a paper, and each kind of file is one way of writing it down."""
