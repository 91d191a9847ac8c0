// Takes back all of a group that still can be: one request a mirror, one after the other, so that each gets its own answer and audit entry.
'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLinkTarget } from '@/components/access/use-link-target';
import { useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { failureFrom, send } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Banner } from '@/components/ui/notice';
import type { OperationRow } from '@/lib/contracts/operation';
import { plural } from '@/lib/format';
import { operationApi } from './paths';

export function CancelGroup({
  destination,
  link,
  operations,
}: {
  destination: string;
  link: string;
  operations: OperationRow[];
}) {
  const [open, setOpen] = useState(false);
  const able = useMemo(
    () => operations.filter((row) => row.outcome === null && row.cancellable && !row.cancelAsked),
    [operations],
  );
  const going = operations.some(({ outcome }) => outcome === null);
  const mayNot = useWhyNot()('approver', useLinkTarget(destination, link));
  const actions = useMemo(
    (): Action[] =>
      going
        ? [
            {
              id: 'operations.cancel',
              label: 'Cancel the rest…',
              group: 'This page',
              icon: X,
              keywords: 'abort stop back',
              danger: true,
              disabledWhy:
                mayNot ?? (able.length === 0 ? 'None of those under way can be taken back any more.' : null),
              perform: () => setOpen(true),
            },
          ]
        : [],
    [going, mayNot, able.length],
  );
  useActions(actions);
  const cancel = useCancelAll(destination, link);
  const failure = failureFrom(cancel.error);
  return (
    <>
      <ActionBar actions={actions} />
      <Dialog open={open} onOpenChange={setOpen} title={`Cancel ${plural(able.length, 'operation')}?`}>
        <div className="flex flex-col gap-4">
          <p className="text-soft">
            These mirrors go on as before. Those that are fenced by now come to their end; those that are
            stopped stay ordinary topics.
          </p>
          {failure ? <Banner tone="bad" title={failure.message} live /> : null}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Back</Button>
            <Button
              kind="danger"
              disabled={cancel.isPending || able.length === 0}
              onClick={() =>
                cancel.mutate(
                  able.map(({ id }) => id),
                  { onSuccess: () => setOpen(false) },
                )
              }
            >
              {cancel.isPending ? 'Cancelling…' : `Cancel ${plural(able.length, 'operation')}`}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

function useCancelAll(destination: string, link: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) {
        try {
          await send(`${operationApi(destination, link, id)}/cancel`, { method: 'POST', body: {} });
        } catch (error) {
          // Fenced or ended meanwhile: that one comes to its end, the others are still to be asked for.
          if (failureFrom(error)?.status !== 409) throw error;
        }
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}
