"""The batch statement of a batch (发放情况表): what has become of it by a day."""
